using Outbox.Kafka.Inbox.Way;

namespace Outbox.Kafka.Inbox.Ending;

/// <summary>Stops messages while the endpoint is paused by its kill switch.</summary>
internal sealed class PauseStep(KillSwitch killSwitch) : IStep
{
    public Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        Array.Fill(verdicts, killSwitch.Restart is { } restart ? new Verdict.PutBack(restart) : Verdict.GoOn);
        return Task.FromResult(verdicts);
    }
}
