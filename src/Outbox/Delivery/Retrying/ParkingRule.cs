using Microsoft.Extensions.Options;
using Outbox.Delivery.Leases;
using Outbox.Delivery.Publishing;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Operations.Errors;

namespace Outbox.Delivery.Retrying;

/// <summary>Decides whether a message that was not published is parked or tried again.</summary>
internal sealed class ParkingRule(RetrySchedule retries, TopicRegistry topics, LaneLeases leases, FailureReport report, IOptions<OutboxOptions> options)
{
    /// <summary>For a message that failed itself: the parked message, or <see langword="null"/> when it will be tried again, and its entity waits.</summary>
    public UnpublishableMessage? Decide(OutboxMessage message, PublishResult result)
    {
        var (failures, attempts) = retries.EntityFailed(message, counts: result.Status is PublishStatus.Failed or PublishStatus.Refused);
        var over = result.Status switch
        {
            PublishStatus.Refused => true,
            PublishStatus.NotKnown => Age(message) > options.Value.UnknownMessageAge,
            _ => attempts >= options.Value.MaxAttempts || IsTooOld(message),
        };
        if (over)
        {
            return Park(message, result.Error, attempts, result.Cause);
        }

        report.Note(message, result, failures);
        return null;
    }

    /// <summary>For a message that its place keeps from being published: parked when it is too old, and else it waits with the place.</summary>
    public UnpublishableMessage? DecideInClosedPlace(OutboxMessage message, string? error) => IsTooOld(message) ? Park(message, error, attempts: 1) : null;

    /// <summary>Notes that an entity goes on: its message was published or is parked.</summary>
    public void Done(Entity entity)
    {
        retries.EntityDone(entity);
        report.Done(entity);
    }

    private UnpublishableMessage Park(OutboxMessage message, string? error, int attempts, Exception? cause = null)
    {
        Done(message.Entity);
        var holds = message.NotBefore is null && topics.OnParked(message.Topic) == ParkedPolicy.HoldEntity;
        var parked = new UnpublishableMessage(message, error ?? "The broker gave no reason.", Math.Max(1, attempts), holds);
        return cause is null ? parked : parked with { Signature = ErrorSignature.Of(cause) };
    }

    /// <summary>What is repeated was captured long ago, and what is delayed could not be published before.</summary>
    private bool IsTooOld(OutboxMessage message) => Age(message) > options.Value.MaxAge;

    private TimeSpan Age(OutboxMessage message) => leases.ServerNow - (message.NotBefore > message.Timestamp ? message.NotBefore.Value : message.Timestamp);
}
