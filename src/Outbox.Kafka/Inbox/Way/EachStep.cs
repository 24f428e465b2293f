namespace Outbox.Kafka.Inbox.Way;

/// <summary>A step that judges messages one by one. Those that it has nothing to do with take the next one.</summary>
internal abstract class EachStep : IStep
{
    public Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (Concerns(messages[i]))
            {
                return JudgeAsync(messages);
            }
        }

        return Verdict.AllGoOn(messages.Count);
    }

    protected abstract bool Concerns(Passage message);

    protected abstract Task<Verdict> JudgeAsync(Passage message);

    private async Task<Verdict[]> JudgeAsync(IReadOnlyList<Passage> messages)
    {
        var verdicts = new Verdict[messages.Count];
        for (var i = 0; i < verdicts.Length; i++)
        {
            verdicts[i] = Concerns(messages[i]) ? await JudgeAsync(messages[i]).ConfigureAwait(false) : Verdict.GoOn;
        }

        return verdicts;
    }
}
