namespace Outbox.Operations.Bulk;

/// <summary>What a bulk operation does with each message.</summary>
public enum BulkAction
{
    /// <summary>Has it tried again.</summary>
    Retry,

    /// <summary>Gives it up, so that it can be restored.</summary>
    Discard,

    /// <summary>
    /// Parks what was given up again, as it was: from an entity's last version to its first, as discards are undone. The filter is of discarded messages; its times are those of parking. What something has gone
    /// past is left (<see cref="BulkOperation.Skipped"/>).
    /// </summary>
    Restore,
}
