namespace Outbox.Cli.Importing.Pending;

/// <summary>What can be done with a document of another product's outbox.</summary>
internal enum PendingState
{
    /// <summary>It can be moved now.</summary>
    Ready,

    /// <summary>It has to be marked first, so that the old relay takes it no more.</summary>
    ToMark,

    /// <summary>It is marked, and the old relay may still be about to say that it has sent it.</summary>
    Settling,

    /// <summary>It is the old relay's, for the time being.</summary>
    TheirsYet,

    /// <summary>It was marked, and the old relay has sent it.</summary>
    SentByThem,

    /// <summary>It stays where it is.</summary>
    CannotBeRead,
}
