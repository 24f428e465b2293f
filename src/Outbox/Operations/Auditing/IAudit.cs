namespace Outbox.Operations.Auditing;

/// <summary>What was done by people, and by code in their place: kept in <c>outbox.audit</c> for as long as <see cref="OutboxOptions.KeepAuditFor"/> says.</summary>
public interface IAudit
{
    /// <summary>Lists acts, the latest first, page by page. What is done while one reads comes on no later page.</summary>
    /// <param name="filter">Which ones.</param>
    /// <param name="cursor">Where the page begins: <see cref="Page{T}.Next"/> of the one before; <see langword="null"/> for the first.</param>
    /// <param name="size">The most on the page, from 1 to 1,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="OutboxException">The cursor is not one of this list.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The size is.</exception>
    Task<Page<AuditEntry>> AuditAsync(AuditFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default);
}
