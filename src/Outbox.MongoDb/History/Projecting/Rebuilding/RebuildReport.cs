using Microsoft.Extensions.Logging;
using Outbox.History.Projecting.Health;
using Outbox.MongoDb.History.Projecting.Builds;

namespace Outbox.MongoDb.History.Projecting.Rebuilding;

/// <summary>Tells how far rebuilds have come: at their beginning, every ten seconds or twentieth part, and at their end.</summary>
internal sealed class RebuildReport(ProjectionMetrics metrics, TimeProvider time, ILogger<RebuildReport> logger)
{
    /// <summary>How often a rebuild that waits shows that it is alive.</summary>
    public static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private const double Part = 0.05;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    public Progress Begin(BuildScan scan, long total)
    {
        if (scan.Place is null)
        {
            logger.RebuildBegins(scan.Build.Id, total);
        }
        else
        {
            logger.RebuildGoesOn(scan.Build.Id, scan.Read, total);
        }

        return new Progress(this, scan.Build.Id, scan.Read, total);
    }

    internal sealed class Progress(RebuildReport report, string build, long before, long total)
    {
        private readonly long _began = report.Time.GetTimestamp();
        private long _events;
        private long _saidAt = report.Time.GetTimestamp();
        private double _said;

        private double PerSecond => _events / Math.Max(0.001, report.Time.GetElapsedTime(_began).TotalSeconds);

        public void Read(int events)
        {
            _events += events;
            var share = Share(before + _events, total);
            report.Metrics.Progress(build, share);
            if (share - _said < Part && report.Time.GetElapsedTime(_saidAt) < Interval)
            {
                return;
            }

            (_said, _saidAt) = (share, report.Time.GetTimestamp());
            report.Logger.RebuildProgress(build, share, before + _events, total, PerSecond);
        }

        public void End()
        {
            report.Metrics.Progress(build, 1);
            report.Logger.RebuildEnds(build, _events, report.Time.GetElapsedTime(_began), PerSecond);
        }

        private static double Share(long read, long total) => total == 0 ? 1 : Math.Min(1, (double)read / total);
    }

    private ProjectionMetrics Metrics => metrics;

    private TimeProvider Time => time;

    private ILogger Logger => logger;
}
