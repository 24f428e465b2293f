using System.Diagnostics.Metrics;

namespace Outbox.Diagnostics;

/// <summary>Which buckets suit a histogram; a view of the application's says otherwise.</summary>
internal static class Buckets
{
    /// <summary>Times in seconds that are milliseconds on a good day, and hours after a bad one.</summary>
    public static readonly InstrumentAdvice<double> Delay =
        new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600] };

    /// <summary>Times in seconds within a lease.</summary>
    public static readonly InstrumentAdvice<double> Batch = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] };

    /// <summary>Messages of a batch.</summary>
    public static readonly InstrumentAdvice<long> Size = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] };
}
