namespace Outbox.Cli.Importing.Moving;

/// <summary>What becomes of a message of another outbox.</summary>
internal enum ImportFate
{
    /// <summary>It is in our outbox.</summary>
    Imported,

    /// <summary>It would be moved.</summary>
    Ready,

    /// <summary>It is with the old relay for the time being.</summary>
    Waits,

    /// <summary>It cannot be moved, and stays.</summary>
    Stays,
}
