namespace Outbox.Kafka.Inbox.Way;

/// <summary>A step that judges messages one by one. Those that it has nothing to do with take the next one.</summary>
internal abstract class EachStep : IStep
{
    private static readonly Task<Verdict[]> OneGoesOn = Task.FromResult<Verdict[]>([Verdict.GoOn]);

    public Task<Verdict[]> TakeAsync(IReadOnlyList<Passage> messages)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            if (Concerns(messages[i]))
            {
                return JudgeAsync(messages);
            }
        }

        return AllGoOn(messages.Count);
    }

    /// <summary>What a step says that has nothing to say.</summary>
    public static Task<Verdict[]> AllGoOn(int count) => count == 1 ? OneGoesOn : Task.FromResult(Alike(count, Verdict.GoOn));

    public static Verdict[] Alike(int count, Verdict verdict)
    {
        var verdicts = new Verdict[count];
        Array.Fill(verdicts, verdict);
        return verdicts;
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
