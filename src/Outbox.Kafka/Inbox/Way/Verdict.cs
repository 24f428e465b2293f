using Outbox.Inbox;

namespace Outbox.Kafka.Inbox.Way;

/// <summary>What a step says of a message. <see cref="IEnding"/> acts on all but the first.</summary>
internal abstract record Verdict
{
    /// <summary>It takes the next step.</summary>
    public static readonly Verdict GoOn = new GoingOn();

    /// <summary>The endpoint does nothing with it.</summary>
    public static readonly Verdict Skipped = new Passed(null);

    /// <summary>A message of its entity has failed, and it has to queue behind that one. It was not tried.</summary>
    public static readonly Verdict Held = new Waits(BehindFailed: true);

    /// <summary>It came before its predecessor. Nothing happened.</summary>
    public static readonly Verdict Early = new Waits(BehindFailed: false);

    /// <summary>It was not tried, because another one has to end first: it goes the way again, at once.</summary>
    public static readonly Verdict Again = new PutBack(null);

    /// <summary>It stays parked, and whoever sweeps next finds it again.</summary>
    public static readonly Verdict NotNow = new LeftParked();

    // Behind what it is made of: fields are set in the order of the text.
    private static readonly Task<Verdict[]> OneGoesOn = Task.FromResult<Verdict[]>([GoOn]);

    /// <summary>What a step says that has nothing to say; only to be read.</summary>
    public static Task<Verdict[]> AllGoOn(int count) => count == 1 ? OneGoesOn : Task.FromResult(Alike(count, GoOn));

    public static Verdict[] Alike(int count, Verdict verdict)
    {
        var verdicts = new Verdict[count];
        Array.Fill(verdicts, verdict);
        return verdicts;
    }

    public static Verdict Done(InboxOutcome? outcome) => outcome == InboxOutcome.Early ? Early : new Ran(outcome);

    private sealed record GoingOn : Verdict;

    internal sealed record LeftParked : Verdict;

    /// <summary>A consumer had it, now or before.</summary>
    /// <param name="Outcome">What the inbox did; <see langword="null"/> where there is none.</param>
    internal sealed record Ran(InboxOutcome? Outcome) : Verdict;

    /// <summary>The endpoint does not handle its type.</summary>
    /// <param name="Outcome">Where its version has a place in a sequence, what became of that.</param>
    internal sealed record Passed(InboxOutcome? Outcome) : Verdict;

    internal sealed record Waits(bool BehindFailed) : Verdict;

    internal sealed record Unreadable(Exception Error) : Verdict;

    /// <summary>Its consumer failed, after all retries, or the database did.</summary>
    internal sealed record Failed(Exception Error) : Verdict;

    /// <summary>Its consumer failed, and the endpoint wants it to be tried again by itself.</summary>
    /// <param name="Delay">How much later.</param>
    /// <param name="Count">The how manieth redelivery it is then.</param>
    /// <param name="Error">Why it failed.</param>
    internal sealed record Later(TimeSpan Delay, int Count, Exception Error) : Verdict;

    /// <summary>A step could not be taken, for a reason that is not the message's.</summary>
    internal sealed record Stopped(Exception Error) : Verdict;

    /// <summary>It goes the way again.</summary>
    /// <param name="Until">When; at once, if not said.</param>
    internal sealed record PutBack(Task? Until) : Verdict;
}
