using Outbox.Kafka.Delivery.Producing;

namespace Outbox.Kafka.Delivery.Sending;

/// <summary>Waits for the reports of a batch, no longer than for those that can come.</summary>
internal static class Answers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <returns>Whether every message has its report.</returns>
    public static async Task<bool> WaitAsync(ProduceBatch batch, SenderTools tools, TimeSpan limit, CancellationToken cancellationToken)
    {
        var patience = limit / 4 < Patience ? limit / 4 : Patience;
        if (await batch.Completed.EndsWithinAsync(patience, tools.Time, cancellationToken).ConfigureAwait(false))
        {
            return !batch.TimedOut;
        }

        // The rest waits for nobody when the brokers say that no answer can come.
        var hopeless = HopelessAsync(batch, tools);
        await Task.WhenAny(batch.Completed, hopeless).EndsWithinAsync(limit - patience, tools.Time, cancellationToken).ConfigureAwait(false);

        // A first answer is late when the client has yet to connect. Were the doubt kept, the next batch would hold back what goes there.
        var silent = batch.Unanswered.Select(tools.Places.PlaceOf).ToHashSet();
        tools.Places.Trust(batch.Acknowledged.Where(message => !silent.Contains(tools.Places.PlaceOf(message))));
        return batch.Completed.IsCompleted && !batch.TimedOut;
    }

    /// <returns>Ends when the brokers have said of all messages without a report that nothing can be written where they go; otherwise never.</returns>
    private static async Task HopelessAsync(ProduceBatch batch, SenderTools tools)
    {
        await tools.Places.DoubtAsync(batch.Unanswered).ConfigureAwait(false);
        if (batch.Unanswered.Any(message => tools.Places.Closed(message, doubts: false) is null))
        {
            await batch.Completed.ConfigureAwait(false);
        }
    }
}
