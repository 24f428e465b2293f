using System.Numerics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Outbox.Delivery.Health;
using Outbox.Delivery.Publishing;
using Outbox.Messages;

namespace Outbox.Delivery.Retrying;

/// <summary>Says that a message failed and is tried again: at once the first time, then less and less often.</summary>
internal sealed class FailureReport(RelayHealth health, IOptions<OutboxOptions> options, ILogger<FailureReport> logger)
{
    private const int MostReasons = 100;
    private readonly HashSet<string> _notKnown = new(StringComparer.Ordinal);

    public void Note(OutboxMessage message, PublishResult result, int failures)
    {
        var error = result.Error ?? "The broker gave no reason.";
        health.Failing.Failed(message, failures, error);
        if (result.Status == PublishStatus.NotKnown)
        {
            NoteNotKnown(message, error);
        }
        else if (IsWorthALine(failures))
        {
            logger.MessageFailed(message.MessageId, message.Type, message.Entity, message.Topic, failures, error.TrimEnd('.'));
        }
    }

    /// <summary>Notes that an entity goes on: its message was published or parked.</summary>
    public void Done(Entity entity) => health.Failing.Done(entity);

    private void NoteNotKnown(OutboxMessage message, string error)
    {
        health.NotKnownHere(error, 2 * options.Value.MaxRetryDelay);
        if (_notKnown.Count < MostReasons && _notKnown.Add(error))
        {
            logger.MessageNotKnown(message.MessageId, message.Type, message.Entity, error.TrimEnd('.'), options.Value.UnknownMessageAge);
        }
    }

    /// <summary>The 1st, 4th, 16th, 64th, …</summary>
    private static bool IsWorthALine(int failures) => BitOperations.IsPow2(failures) && BitOperations.Log2((uint)failures) % 2 == 0;
}
