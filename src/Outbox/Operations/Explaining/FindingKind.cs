namespace Outbox.Operations.Explaining;

/// <summary>Whether something keeps a message back, and for how long.</summary>
public enum FindingKind
{
    /// <summary>It does, until somebody acts.</summary>
    Stuck,

    /// <summary>It does, and ends by itself.</summary>
    Waits,

    /// <summary>It does not: it says what has happened.</summary>
    Fact,
}
