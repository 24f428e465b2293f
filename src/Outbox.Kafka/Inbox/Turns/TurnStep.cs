using Outbox.Inbox.Sequencing;
using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Turns;

/// <summary>Stops a message when one of its entity has failed and it has to queue behind it. A turn in a sequence is taken later, in the message's transaction.</summary>
internal sealed class TurnStep(string endpoint, FailurePolicies failures, IHeldMessages? held) : IStep
{
    public async Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = await IsHeldAsync(messages[i]).ConfigureAwait(false) ? Verdict.Held : Verdict.GoOn;
        }

        return verdicts;
    }

    private async Task<bool> IsHeldAsync(Passage message) =>
        failures.Holds && message.Parked is null && message.Decoded is { Content: not null, Envelope.EntityId.Length: > 0 }
        && await held!.HoldsAsync(message.EntityOn(endpoint), message.Lifetime.Abandoned).ConfigureAwait(false);
}
