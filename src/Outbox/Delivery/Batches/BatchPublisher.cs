using Microsoft.Extensions.Logging;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Batches;

/// <summary>
/// Publishes batches whatever the publisher does. When it throws, the batch is sent in halves until the messages are found that it throws for: those have failed, and the others go on.
/// Such a message is sent alone from then on, so that its neighbours are not published again with each of its attempts.
/// </summary>
internal sealed class BatchPublisher(IMessagePublisher publisher, RelayRuntime runtime, ILogger<BatchPublisher> logger)
{
    private const int MostSuspects = 1_000;
    private readonly HashSet<string> _suspects = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<PublishResult>> PublishAsync(IReadOnlyList<OutboxMessage> messages, TimeSpan deadline)
    {
        var attempt = new BatchAttempt(publisher, messages, deadline, runtime.Time);
        var alone = _suspects.Count == 0 ? [] : EntitiesOfSuspects(messages);
        await attempt.SendAsync(alone.Count == 0 ? attempt.Known : attempt.Known.FindAll(index => !alone.Contains(messages[index].Entity))).ConfigureAwait(false);
        foreach (var index in alone.Count == 0 ? [] : attempt.Known.FindAll(index => alone.Contains(messages[index].Entity)))
        {
            await attempt.SendAsync([index]).ConfigureAwait(false);
        }

        var results = attempt.End();
        Remember(messages, results, attempt);
        return results;
    }

    private HashSet<Entity> EntitiesOfSuspects(IReadOnlyList<OutboxMessage> messages) =>
        messages.Where(message => _suspects.Contains(message.MessageId)).Select(message => message.Entity).ToHashSet();

    private void Remember(IReadOnlyList<OutboxMessage> messages, IReadOnlyList<PublishResult> results, BatchAttempt attempt)
    {
        var thrown = attempt.Thrown;
        if (_suspects.Count > 0)
        {
            _suspects.ExceptWith(messages.Where((_, index) => results[index].Status == PublishStatus.Published).Select(message => message.MessageId));
        }

        if (thrown.Count == 0)
        {
            return;
        }

        if (_suspects.Count + thrown.Count > MostSuspects)
        {
            // They are found again when they are sent again.
            _suspects.Clear();
        }

        var found = thrown.Where(index => _suspects.Add(messages[index].MessageId)).ToList();
        if (found.Count > 0)
        {
            logger.PublisherThrew(attempt.Error, found.Count, messages.Count, string.Join(", ", found.Take(3).Select(index => messages[index].MessageId)));
        }
    }
}
