"""What every Python peer has in common: its arguments and the JSON object it prints."""

import argparse
import json
import os
import resource
import statistics
import time

BATCH = {"linear": 128, "mlp": 128, "cnn": 128, "cnn-weights": 512, "cnn-bn": 64, "lstm": 128,
         "attention": 128}
PARAMS = {"linear": 7_850, "mlp": 141_910, "cnn": 1_616_330, "cnn-weights": 1_185_482,
          "cnn-bn": 354_538, "lstm": 81_674, "attention": 23_434}


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("net", choices=list(BATCH))
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--precision", choices=["float32", "mixed_bfloat16"], default="float32")
    parser.add_argument("--fraction", type=float, default=1.0,
                        help="train on this part of the images and scale the times up")
    parser.add_argument("--predict", action="store_true", help="time one-sample predictions")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jit", choices=["auto", "on", "off"], default="auto",
                        help="Keras only: jit_compile")
    return parser.parse_args()


def since_start() -> float:
    """Seconds since this process was started, from the kernel's own record."""
    ticks = int(open("/proc/self/stat").read().rsplit(")", 1)[1].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")


def latency_us(call, seconds: float = 1.0) -> float:
    """Median microseconds of one call, after a warm-up."""
    for _ in range(20):
        call()
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e6


def pass_s(call, runs: int = 7) -> float:
    """Median seconds of one call over all test images, after half a second of others."""
    end = time.perf_counter() + 0.5
    call()
    while time.perf_counter() < end:
        call()
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        call()
        times.append(time.perf_counter() - begin)
    return round(statistics.median(times), 5)


def print_json(args, params, epochs_s, accuracy, first_epoch_s, evaluate_s, predict_s,
               predict_us=None):
    if params != PARAMS[args.net]:
        raise SystemExit(f"{args.net} has {params} parameters instead of {PARAMS[args.net]}")
    print(json.dumps({
        "net": args.net,
        "precision": args.precision,
        "batch": BATCH[args.net],
        "params": params,
        "epochs_s": [round(s / args.fraction, 4) for s in epochs_s],
        "accuracy": round(accuracy, 4),
        "first_epoch_s": round(first_epoch_s, 3),
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "fraction": args.fraction,
        "evaluate_s": evaluate_s,
        "predict_s": predict_s,
        "predict_us": predict_us,
    }))
