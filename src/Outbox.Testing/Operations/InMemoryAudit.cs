using System.Globalization;
using Microsoft.Extensions.Options;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using Outbox.Testing.Store;

namespace Outbox.Testing.Operations;

/// <summary>Keeps acts in memory, and lists them.</summary>
internal sealed class InMemoryAudit(InMemoryStore store, TimeProvider time, IOptions<OutboxOptions> options) : IAudit
{
    /// <summary>Writes an act down in the step that it is done in.</summary>
    public void Write(Tables tables, AuditEntry entry) => tables.Audit.Add(entry with
    {
        Id = (tables.Audit.Count + 1).ToString("x24", CultureInfo.InvariantCulture),
        At = time.GetUtcNow(),
        By = entry.By.Named(options.Value.Source),
    });

    /// <inheritdoc/>
    public Task<Page<AuditEntry>> AuditAsync(AuditFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        PageCursor.CheckSize(size);
        var before = cursor is null ? null : PageCursor.Read(cursor, parts: 1)[0];
        var found = store.Run(tables => tables.Audit
            .Where(entry => Matches(filter, entry) && (before is null || string.CompareOrdinal(entry.Id, before) < 0)).Reverse().Take(size + 1).ToList());
        var entries = found.Take(size).ToList();
        return Task.FromResult(new Page<AuditEntry>(entries, found.Count > size ? PageCursor.Write(entries[^1].Id) : null));
    }

    private static bool Matches(AuditFilter filter, AuditEntry entry) =>
        (filter.By is null || filter.By == entry.By.Name)
        && (filter.Act is null || filter.Act == entry.Act)
        && (filter.MessageId is null || entry.MessageIds.Contains(filter.MessageId))
        && (filter.EntityType is null || filter.EntityType == entry.EntityType)
        && (filter.EntityId is null || filter.EntityId == entry.EntityId)
        && (filter.OperationId is null || filter.OperationId == entry.OperationId)
        && (filter.From is null || entry.At >= filter.From)
        && (filter.Before is null || entry.At < filter.Before);
}
