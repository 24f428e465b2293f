using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Messages.Registration;

namespace Outbox.Delivery.Retrying;

/// <summary>Decides whether a message that was not published is parked or tried again.</summary>
internal sealed class ParkingRule(RetrySchedule retries, TopicRegistry topics, LaneLeases leases, IOptions<OutboxOptions> options)
{
    /// <summary>For a message that failed while others got through: the parked message, or <see langword="null"/> when it will be tried again.</summary>
    public UnpublishableMessage? Decide(OutboxMessage message, PublishResult result)
    {
        var attempts = retries.EntityFailed(message, counts: result.Status is not (PublishStatus.Unavailable or PublishStatus.PlaceFailed));
        var tooOften = result.Status == PublishStatus.Refused || attempts >= options.Value.MaxAttempts;
        if (!tooOften && !IsTooOld(message))
        {
            return null;
        }

        retries.EntityDone(message.Entity);
        var holds = message.NotBefore is null && topics.OnParked(message.Topic) == ParkedPolicy.HoldEntity;
        return new UnpublishableMessage(message, result.Error ?? "The broker gave no reason.", Math.Max(1, attempts), holds);
    }

    private bool IsTooOld(OutboxMessage message) => leases.ServerNow - message.Timestamp > options.Value.MaxAge;
}
