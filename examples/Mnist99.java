import module io.kalamos;
import module io.kalamos.datasets;
import module io.kalamos.mnist.data;
import module io.kalamos.plots;
import static io.kalamos.activations.Activations.*;
import static io.kalamos.layers.Padding.*;
import static io.kalamos.losses.Losses.*;
import static io.kalamos.metrics.Metrics.*;

/// Batch normalisation, dropout and a decaying learning rate, over records of the IDX files.
static final double TARGET = 0.99;
static final int BATCH = 64;

void main(String[] args) {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 4;
    var train = digits(MnistFile.TRAIN_IMAGES, MnistFile.TRAIN_LABELS);
    var test = digits(MnistFile.TEST_IMAGES, MnistFile.TEST_LABELS).batch(10_000);
    var layers = new ArrayList<Layer>(List.of(Input.of(28, 28, 1), Rescaling.of(1 / 255.0)));
    add(layers, Conv2D.of(12, 3).padding(SAME).useBias(false));
    add(layers, Conv2D.of(24, 6).strides(2).padding(SAME).useBias(false));
    add(layers, Conv2D.of(32, 6).strides(2).padding(SAME).useBias(false));
    layers.add(Flatten.of());
    add(layers, Dense.of(200).useBias(false));
    layers.addAll(List.of(Dropout.of(0.3), Dense.of(10).activation(SOFTMAX)));
    var model = Sequential.of(layers);
    model.compile(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY);
    LearningRateScheduler.Schedule decay = (epoch, rate) -> 0.01 * Math.pow(0.666, epoch);
    Plots.learningRate(decay, epochs, 0.01).save("rate.png");
    var pipeline = train.cache().shuffle(5_000).repeat().batch(BATCH).prefetch(2);
    model.fit(pipeline, fit -> fit.epochs(epochs)
        .stepsPerEpoch((int) train.cardinality() / BATCH)
        .validationData(test)
        .callbacks(LearningRateScheduler.of(decay), LiveCurves.to("curves.png")));
    var images = Mnist.load().test();
    var predictions = model.predict(images.images());
    Plots.predictions(images.images(), images.labels(), predictions, grid -> grid.errorsFirst(true))
        .save("errors.png");
    Plots.confusionMatrix(images.labels(), predictions).save("confusion.png");
    double accuracy = model.evaluate(test).get("accuracy");
    IO.println("accuracy %.4f, target %.4f".formatted(accuracy, TARGET));
    System.exit(accuracy >= TARGET ? 0 : 1);
}

/// Images stay bytes until the model rescales them; labels become one-hot.
Dataset digits(MnistFile images, MnistFile labels) {
    return Dataset.zip(
        Dataset.fixedLengthRecords(images.mapped(), 16, 28 * 28).mapInput(x -> x.reshape(28, 28, 1)),
        Dataset.fixedLengthRecords(labels.mapped(), 8, 1).map(Decoding.oneHot(10)));
}

void add(List<Layer> layers, Layer layer) {
    layers.addAll(List.of(layer, BatchNormalization.of().scale(false), Activation.of(RELU)));
}
