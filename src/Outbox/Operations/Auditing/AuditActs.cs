namespace Outbox.Operations.Auditing;

/// <summary>What acts are called in the audit.</summary>
public static class AuditActs
{
    /// <summary>A parked message was put back, or given to its endpoint again.</summary>
    public const string Retry = "retry";

    /// <summary>A parked message was given up.</summary>
    public const string Discard = "discard";

    /// <summary>A discarded message was parked again.</summary>
    public const string Restore = "restore";

    /// <summary>A parked message's payload was changed.</summary>
    public const string Edit = "edit";

    /// <summary>A sent message was published once more.</summary>
    public const string Replay = "replay";

    /// <summary>The missing versions of a sequence were given up.</summary>
    public const string Release = "release";

    /// <summary>A bulk operation was started.</summary>
    public const string Start = "start";

    /// <summary>A bulk operation was ended by a person.</summary>
    public const string Cancel = "cancel";

    /// <summary>A relay, a topic or an endpoint was paused.</summary>
    public const string Pause = "pause";

    /// <summary>A pause was ended before its time.</summary>
    public const string Resume = "resume";

    /// <summary>Messages that were pending in another outbox were moved into this one.</summary>
    public const string Import = "import";
}
