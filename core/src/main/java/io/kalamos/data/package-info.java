/// Data: samples in memory, pipelines that make them, splits, and what prepares arrays.
///
/// ## Why a pipeline gives the same batches for any number of threads
///
/// A [Dataset] is a plan of stages. Nothing happens until somebody opens a pass over it, and then
/// two things are kept apart: *taking* elements and *making* them.
///
/// **Taking is in order and by one thread at a time.** What a stage hands on is not an element but
/// the promise of one: which record, through which functions. `shuffle`, `repeat`, `take`, `skip`,
/// `zip` and `batch` move promises, so a shuffle buffer of 5,000 pictures holds 5,000 small
/// objects, and skipping a thousand batches to go on in the middle of a run reads nothing. Whatever
/// depends on order (the draw of a shuffle, the number of an element, the pass that it belongs to)
/// is decided here, where there is only one order.
///
/// **Making is done by whoever needs the element, anywhere.** A promise holds all that the element
/// is a function of, so it does not matter which thread makes it, or when. Random maps get a
/// generator that is started at (seed, pass, number of the element): no two elements share one, and
/// no thread owns one. `batch` makes its rows straight in the batch's memory, on several threads
/// where that is worth it; `prefetch(n)` gives each of the next n elements to a virtual thread of
/// its own. Which thread comes first takes the next promise *and* the next place of the queue under
/// one lock, hence elements leave in the order in which they were taken.
///
/// **Back-pressure** is that a thread is only started for a free place: when nobody asks, n
/// elements are ready and nothing runs. There are no threads that wait, so none are left over;
/// closing waits for those that are still making something.
///
/// **A failure is an element too.** It stays in its place and is thrown when its turn comes, with
/// the stage and the number of the element; of a batch's rows the first that fails is told.
///
/// Three rules follow. Functions must not keep state between elements, since their order is not
/// that of the elements. `filter` and `interleave` have to look at elements in order to know what
/// follows, so they make them while taking: a `prefetch` before them brings back the parallelism.
/// Below a `cache` there is only one pass, the first: what is drawn there is drawn once, however
/// many passes over the cache follow and wherever they stop.
///
/// Passes have numbers, and a pass is a function of its number. `fit` opens pass e for epoch e (for
/// a dataset without an end, pass 0, skipping the batches of earlier epochs), so a run that is
/// continued with `initialEpoch` sees what it would have seen. For `tf.data`'s semantics of the
/// single stages see their methods in [Dataset].
package io.kalamos.data;
