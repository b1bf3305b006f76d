import module io.kalamos;
import module io.kalamos.datasets;
import static io.kalamos.activations.Activations.*;
import static io.kalamos.losses.Losses.*;
import static io.kalamos.metrics.Metrics.*;

/// A convolution, a pooling and three dense layers.
static final double TARGET = 0.98;

void main(String[] args) {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 4;
    var mnist = Mnist.load();
    var train = mnist.train().samples();
    var test = mnist.test().samples();
    var model = Sequential.of(
        Input.of(28, 28, 1),
        Rescaling.of(1 / 255.0),
        Conv2D.of(64, 5).activation(RELU),
        MaxPooling2D.of(2),
        Flatten.of(),
        Dense.of(128).activation(RELU),
        Dense.of(64).activation(RELU),
        Dense.of(10).activation(SOFTMAX));
    model.compile(Adam.of(), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
    model.fit(train, fit -> fit.batchSize(128).epochs(epochs).validationSplit(0.1));
    double accuracy = model.evaluate(test).get("accuracy");
    IO.println("accuracy %.4f, target %.4f".formatted(accuracy, TARGET));
    System.exit(accuracy >= TARGET ? 0 : 1);
}
