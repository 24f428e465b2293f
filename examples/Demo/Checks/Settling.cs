using System.Diagnostics;
using Confluent.Kafka;
using Demo.Display;
using Demo.Kafka;

namespace Demo.Checks;

/// <summary>Waits until every message has been published and consumed, and nobody has anything left to do.</summary>
internal sealed class Settling(Documents documents, IReadOnlyList<GroupProgress> groups, RunProgress progress)
{
    // Longer than MongoDB keeps the transactions of a killed service open.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    /// <returns>The end of each partition, once nothing moves any more.</returns>
    public async Task<IReadOnlyDictionary<TopicPartition, long>> WaitAsync(CancellationToken cancellationToken)
    {
        var sinceChange = Stopwatch.StartNew();
        var before = await LookAsync(cancellationToken);
        while (true)
        {
            await Task.Delay(Pause, cancellationToken);
            var now = await LookAsync(cancellationToken);
            if (!now.Equals(before))
            {
                sinceChange.Restart();
            }
            else if (now.IsSettled || sinceChange.Elapsed > Patience)
            {
                // Twice the same with nothing to do: what was under way at the first look shows at the second.
                if (!now.IsSettled)
                {
                    progress.Note($"nothing has moved for {Patience.TotalSeconds:0} s: {now.Counts}, {now.Lag} records not consumed");
                }

                return now.Ends;
            }

            before = now;
        }
    }

    private async Task<Look> LookAsync(CancellationToken cancellationToken)
    {
        var counts = await documents.CountAsync(cancellationToken);
        var ends = groups.SelectMany(group => group.Ends()).ToDictionary();
        return new Look(counts, groups.Sum(group => group.Lag(ends)), ends);
    }

    private sealed record Look(Counts Counts, long Lag, Dictionary<TopicPartition, long> Ends)
    {
        public bool IsSettled => Counts.IsQuiet && Lag == 0;

        public bool Equals(Look? other) => other is not null && Counts == other.Counts && Lag == other.Lag && Ends.Values.Sum() == other.Ends.Values.Sum();

        public override int GetHashCode() => HashCode.Combine(Counts, Lag);
    }
}
