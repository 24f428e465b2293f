using Outbox.Operations.Bulk;

namespace Outbox.Testing.Store;

/// <summary>A bulk operation.</summary>
internal sealed class BulkEntry
{
    public required BulkOperation Operation { get; set; }

    /// <summary>Whether somebody works on it.</summary>
    public bool IsTaken { get; set; }

    /// <summary>What it has left.</summary>
    public HashSet<string> Left { get; } = [];
}
