using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Stops a message when one of its entity has failed and it has to queue behind it. A turn in a sequence is taken later, in the message's transaction.</summary>
internal sealed class TurnStep(string endpoint, FailurePolicies failures, IHeldMessages? held) : EachStep
{
    protected override bool Concerns(Passage message) => failures.Holds && message.Parked is null && message.Decoded is { Content: not null, Envelope.EntityId.Length: > 0 };

    protected override async Task<Verdict> JudgeAsync(Passage message) =>
        await held!.HoldsAsync(message.EntityOn(endpoint), message.Lifetime.Abandoned).ConfigureAwait(false) ? Verdict.Held : Verdict.GoOn;
}
