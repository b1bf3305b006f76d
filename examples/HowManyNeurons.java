import module io.kalamos;
import module io.kalamos.datasets;
import module io.kalamos.plots;
import static io.kalamos.activations.Activations.*;
import static io.kalamos.losses.Losses.*;
import static io.kalamos.metrics.Metrics.*;

/// How many hidden neurons reach 0.90 on the test images? Networks of several sizes, two seeds each,
/// trained at the same time, each on one thread.
static final double TARGET = 0.90;
static final int MOST_NEURONS = 10;

void main(String[] args) throws Exception {
    int epochs = args.length > 0 ? Integer.parseInt(args[0]) : 15;
    var mnist = Mnist.load();
    var train = Samples.of(mnist.train().images(), Preprocessing.toCategorical(mnist.train().labels()));
    var test = Samples.of(mnist.test().images(), Preprocessing.toCategorical(mnist.test().labels()));
    var points = new ArrayList<SweepPoint>();
    int smallest = Integer.MAX_VALUE;
    for (int neurons : new int[] {2, 4, 6, 8, MOST_NEURONS}) {
        var scores = new ArrayList<Double>();
        try (var threads = Executors.newFixedThreadPool(2)) {
            for (var score : threads.invokeAll(List.<Callable<Double>>of(
                    () -> accuracy(neurons, 0, epochs, train, test),
                    () -> accuracy(neurons, 1, epochs, train, test)))) {
                scores.add(score.get());
            }
        }
        var point = new SweepPoint(neurons + " neurons", 784L * neurons + 11L * neurons + 10, scores);
        IO.println("%s: %s, mean %.4f".formatted(point.label(), scores, point.mean()));
        points.add(point);
        smallest = point.mean() >= TARGET ? Math.min(smallest, neurons) : smallest;
    }
    Plots.sweep(points, TARGET).save("sweep.png");
    IO.println("target %.4f: %s".formatted(TARGET,
        smallest <= MOST_NEURONS ? smallest + " neurons" : "more than " + MOST_NEURONS + " neurons"));
    System.exit(smallest <= MOST_NEURONS ? 0 : 1);
}

double accuracy(int neurons, long seed, int epochs, Samples train, Samples test) {
    var model = Sequential.of(
        Input.of(28, 28), Rescaling.of(1 / 255.0), Flatten.of(),
        Dense.of(neurons).activation(RELU), Dense.of(10).activation(SOFTMAX)).initialize(seed);
    model.compile(Compilation.of(Adam.of(), CATEGORICAL_CROSSENTROPY, ACCURACY)
        .running(run -> run.seed(seed).threads(1)));
    model.fit(train, fit -> fit.batchSize(128).epochs(epochs).validationSplit(0.15).verbose(false)
        .callbacks(EarlyStopping.on("val_accuracy").patience(5).restoreBestWeights()));
    return model.evaluate(test).get("accuracy");
}
