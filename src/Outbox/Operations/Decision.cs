namespace Outbox.Operations;

/// <summary>Why something is done, and who does it. A text is one too: the reason, of the application's own code.</summary>
public sealed record Decision
{
    /// <summary>A decision of the application's own code, unless <see cref="By"/> says otherwise.</summary>
    /// <param name="reason">Why, for the log and the audit.</param>
    public Decision(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        Reason = reason;
    }

    /// <summary>Why, for the log and the audit.</summary>
    public string Reason { get; }

    /// <summary>Who decides.</summary>
    /// <value>The default value is <see cref="Actor.Application"/>.</value>
    public Actor By { get; init; } = Actor.Application;

    /// <summary>A decision of the application's own code.</summary>
    /// <param name="reason">Why, for the log and the audit.</param>
    public static implicit operator Decision(string reason) => new(reason);
}
