import module io.kalamos;
import module io.kalamos.datasets;
import static io.kalamos.activations.Activations.*;
import static io.kalamos.losses.Losses.*;
import static io.kalamos.metrics.Metrics.*;

/// Softmax regression on pixels of 0 to 1: as far as a linear classifier goes.
static final double TARGET = 0.92;

void main(String[] args) {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 8;
    var mnist = Mnist.load();
    var train = mnist.train().samples();
    var test = mnist.test().samples();
    var model = Sequential.of(
        Input.of(28, 28),
        Rescaling.of(1 / 255.0),
        Flatten.of(),
        Dense.of(10).activation(SOFTMAX));
    model.compile(Adam.of(), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
    model.fit(train, fit -> fit.batchSize(128).epochs(epochs).validationSplit(0.1));
    double accuracy = model.evaluate(test).get("accuracy");
    IO.println("accuracy %.4f, target %.4f".formatted(accuracy, TARGET));
    System.exit(accuracy >= TARGET ? 0 : 1);
}
