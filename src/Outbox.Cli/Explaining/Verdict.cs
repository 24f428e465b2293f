namespace Outbox.Cli.Explaining;

/// <summary>What an explanation comes to.</summary>
internal enum Verdict
{
    /// <summary>Nothing keeps it back.</summary>
    Fine,

    /// <summary>Something does, and ends by itself.</summary>
    Waits,

    /// <summary>Something does, until somebody acts.</summary>
    Stuck,

    /// <summary>There is no trace of it.</summary>
    NoTrace,
}
