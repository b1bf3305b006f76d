"""PyTorch eager: tensors in memory, batches by randperm, channels-last convolutions, fused Adam."""

import time

import report

args = report.arguments()

import torch
from torch import nn

import mnist

torch.set_num_threads(2)
PICTURES = args.net not in mnist.SHAPES
BF16 = args.precision == "mixed_bfloat16"


def shifted_batch_norm(kind, channels):
    """Keras's BatchNormalization(scale=False): a fixed scale of one, a trained shift."""
    norm = kind(channels, eps=1e-3, momentum=0.01)
    norm.weight.requires_grad_(False)
    return norm


class LastOfLSTM(nn.Module):
    """The last output of an LSTM with one bias, as Keras has it."""

    def __init__(self, features, units):
        super().__init__()
        self.lstm = nn.LSTM(features, units, batch_first=True)
        nn.init.zeros_(self.lstm.bias_hh_l0)
        self.lstm.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        return self.lstm(x)[0][:, -1]


class Block(nn.Module):
    """Rows of 28 pixels, two heads of attention over them, and a dense layer for each row."""

    def __init__(self):
        super().__init__()
        self.rows = nn.Linear(28, 64)
        self.attention = nn.MultiheadAttention(64, 2, batch_first=True)
        self.norm = nn.LayerNorm(64, eps=1e-3)
        self.dense = nn.Linear(64, 64)
        self.last = nn.Linear(64, 10)

    def forward(self, x):
        x = self.rows(x)
        x = x + self.attention(x, x, x, need_weights=False)[0]
        x = torch.relu(self.dense(self.norm(x)))
        return self.last(x.mean(1))


def network(name):
    match name:
        case "lstm":
            return nn.Sequential(LastOfLSTM(28, 128), nn.Linear(128, 10))
        case "attention":
            return Block()
        case "linear":
            return nn.Sequential(nn.Linear(784, 10))
        case "mlp":
            return nn.Sequential(nn.Linear(784, 150), nn.ReLU(), nn.Linear(150, 150), nn.ReLU(),
                                 nn.Linear(150, 10))
        case "cnn":
            return nn.Sequential(nn.Conv2d(1, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                                 nn.Flatten(), nn.Linear(12544, 128), nn.ReLU(),
                                 nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))
        case "cnn-weights":
            return nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.Conv2d(8, 16, 3), nn.ReLU(),
                                 nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.2),
                                 nn.Linear(128, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10))
        case "cnn-bn":
            def conv(channels, filters, kernel, stride, pad):
                return [nn.Conv2d(channels, filters, kernel, stride, pad, bias=False),
                        shifted_batch_norm(nn.BatchNorm2d, filters), nn.ReLU()]
            return nn.Sequential(*conv(1, 12, 3, 1, 1), *conv(12, 24, 6, 2, 2),
                                 *conv(24, 32, 6, 2, 2), nn.Flatten(),
                                 nn.Linear(1568, 200, bias=False),
                                 shifted_batch_norm(nn.BatchNorm1d, 200), nn.ReLU(),
                                 nn.Dropout(0.3), nn.Linear(200, 10))


def keras_params(model):
    """Parameters as Keras counts them: moving statistics are in, the fixed scale is not."""
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    return trained + sum(b.numel() for b in model.buffers() if b.dim() > 0)


def tensor(x):
    x = torch.from_numpy(x)
    return x if not PICTURES else x.permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)


torch.manual_seed(args.seed)
(x, y), (test_x, test_y) = mnist.load(args.net)
images = int(len(x) * args.fraction)
x, y, test_x, test_y = tensor(x), torch.from_numpy(y), tensor(test_x), torch.from_numpy(test_y)
model = network(args.net)
if PICTURES:
    model = model.to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3, eps=1e-7,
                             fused=True)
loss_of = nn.CrossEntropyLoss()
batch = report.BATCH[args.net]
epochs_s, first_epoch_s = [], 0.0
for epoch in range(args.epochs):
    begin = time.perf_counter()
    model.train()
    order = torch.randperm(len(x))[:images]
    total = torch.zeros(())
    right = torch.zeros((), dtype=torch.int64)
    for indices in order.split(batch):
        bx, by = x[indices], y[indices]
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=BF16):
            logits = model(bx)
            loss = loss_of(logits.float(), by)
        loss.backward()
        optimizer.step()
        total += loss.detach()
        right += (logits.detach().argmax(1) == by).sum()
    total.item(), right.item()
    epochs_s.append(time.perf_counter() - begin)
    if epoch == 0:
        first_epoch_s = report.since_start()
model.eval()


def evaluate():
    hits, total = 0, 0.0
    for bx, by in zip(test_x.split(1000), test_y.split(1000)):
        logits = model(bx).float()
        total += loss_of(logits, by).item() * len(by)
        hits += (logits.argmax(1) == by).sum().item()
    return hits / len(test_y)


def predict(x):
    return torch.cat([torch.softmax(model(part).float(), 1) for part in x.split(1000)]).numpy()


with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=BF16):
    accuracy = evaluate()
    evaluate_s, predict_s = report.pass_s(evaluate), report.pass_s(lambda: predict(test_x))
    one = test_x[:1]
    predict_us = round(report.latency_us(lambda: predict(one)), 1) if args.predict else None
report.print_json(args, keras_params(model), epochs_s, accuracy, first_epoch_s, evaluate_s,
                  predict_s, predict_us)
