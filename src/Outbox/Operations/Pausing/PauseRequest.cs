namespace Outbox.Operations.Pausing;

/// <summary>What is to be paused, and until when: for an hour, where nothing is said.</summary>
/// <param name="Target">What.</param>
/// <param name="Reason">Why, for those who find it paused, the log and the audit.</param>
public sealed record PauseRequest(PauseTarget Target, string Reason)
{
    /// <summary>How long a pause lasts where nothing is said.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>The shortest pause.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause. What shall be paused for longer is paused again, by somebody who still wants it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>For how long, from 1 second to 7 days. Say this or <see cref="Until"/>.</summary>
    /// <value>The default is 1 hour, unless <see cref="Until"/> is said.</value>
    public TimeSpan? For { get; init; }

    /// <summary>Until when, by the database server's clock: at least a second and at most 7 days from now. Say this or <see cref="For"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Who pauses it.</summary>
    /// <value>The default is <see cref="Actor.Application"/>.</value>
    public Actor By { get; init; } = Actor.Application;

    /// <summary>Whether an endpoint may be paused that no instance of the last days has had: one that is still to be deployed. Without it a name that is mistyped is refused.</summary>
    public bool EvenIfUnknown { get; init; }

    /// <exception cref="ArgumentException">It does not say why, or says its end twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is too short or too long.</exception>
    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(Target);
        ArgumentException.ThrowIfNullOrWhiteSpace(Reason);
        ArgumentNullException.ThrowIfNull(By);
        if (For is not null && Until is not null)
        {
            throw new ArgumentException("Say how long the pause lasts or when it ends, not both.", nameof(For));
        }

        if (For < Shortest || For > Longest)
        {
            throw new ArgumentOutOfRangeException(nameof(For), For, $"A pause lasts from {Shortest} to {Longest}.");
        }
    }

    /// <exception cref="OutboxException">It ends too soon or too late, by the server's clock.</exception>
    internal static void CheckEnd(DateTimeOffset until, DateTimeOffset now)
    {
        if (until - now < Shortest || until - now > Longest)
        {
            throw new OutboxException($"A pause lasts from {Shortest} to {Longest}. By the clock of the database server it is {now:O}; this one was to end at {until:O}.");
        }
    }
}
