import module io.kalamos;
import module io.kalamos.datasets;
import static io.kalamos.activations.Activations.*;
import static io.kalamos.losses.Losses.*;
import static io.kalamos.metrics.Metrics.*;

/// Two hidden layers. `MnistMlp EPOCHS l2` adds an L2 penalty on the kernels, `MnistMlp EPOCHS dropout`
/// drops half of the hidden values in each step.
static final double TARGET = 0.97;

void main(String[] args) {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 6;
    var variant = args.length > 1 ? args[1] : "plain";
    var mnist = Mnist.load();
    var train = mnist.train().samples();
    var test = mnist.test().samples();
    var hidden = Dense.of(150).activation(RELU);
    var model = switch (variant) {
        case "l2" -> mlp(hidden.kernelRegularizer(L2.of(1e-5)));
        case "dropout" -> mlp(hidden, Dropout.of(0.5));
        default -> mlp(hidden);
    };
    IO.println(model.summary());
    model.compile(Adam.of(), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
    model.fit(train, fit -> fit.batchSize(128).epochs(epochs).validationSplit(0.1));
    double accuracy = model.evaluate(test).get("accuracy");
    IO.println("accuracy %.4f, target %.4f".formatted(accuracy, TARGET));
    System.exit(accuracy >= TARGET ? 0 : 1);
}

/// The hidden layers twice, between pixels of 0 to 1 and ten classes.
Model mlp(Layer... hidden) {
    var layers = new ArrayList<Layer>();
    layers.addAll(List.of(Input.of(28, 28), Rescaling.of(1 / 255.0), Flatten.of()));
    layers.addAll(List.of(hidden));
    layers.addAll(List.of(hidden));
    layers.add(Dense.of(10).activation(SOFTMAX));
    return Sequential.of(layers);
}
