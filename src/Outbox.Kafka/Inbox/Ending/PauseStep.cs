using Outbox.Kafka.Inbox.Way;
using Outbox.Operations.Pausing;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>
/// Stops messages while the endpoint is paused, by a person or by its kill switch. Those that were read wait where they are, until their partition is taken away; those that are parked are left to
/// a later sweep.
/// </summary>
internal sealed class PauseStep(KillSwitch killSwitch, PauseBook pauses, PauseTarget self) : IStep
{
    public Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        if (pauses.MustRest(self))
        {
            var resumed = new Verdict.PutBack(pauses.UntilResumedAsync(self));
            return Task.FromResult<Verdict[]>([.. messages.Select(message => message.Parked is null ? resumed : Verdict.NotNow)]);
        }

        return killSwitch.Restart is { } restart ? Task.FromResult(Verdict.Alike(messages.Count, new Verdict.PutBack(restart))) : Verdict.AllGoOn(messages.Count);
    }
}
