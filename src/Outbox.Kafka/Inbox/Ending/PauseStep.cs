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
        var verdicts = new Verdict[messages.Count];
        if (pauses.MustRest(self))
        {
            var resumed = new Verdict.PutBack(pauses.UntilResumedAsync(self));
            for (var i = 0; i < verdicts.Length; i++)
            {
                verdicts[i] = messages[i].Parked is null ? resumed : Verdict.NotNow;
            }
        }
        else
        {
            Array.Fill(verdicts, killSwitch.Restart is { } restart ? new Verdict.PutBack(restart) : Verdict.GoOn);
        }

        return Task.FromResult(verdicts);
    }
}
