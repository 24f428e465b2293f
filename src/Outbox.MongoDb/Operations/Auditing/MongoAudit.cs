using System.Globalization;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Operations;
using Outbox.Operations.Auditing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Auditing;

/// <summary>Writes acts into <c>outbox.audit</c>, each in the transaction of the act, and lists them.</summary>
internal sealed class MongoAudit(OutboxCollections collections, IInstallation installation, IOptions<OutboxOptions> options) : IAudit
{
    private const int MostOfMessage = 10_000;

    private static readonly UpdateOptions Upsert = new() { IsUpsert = true };

    /// <summary>Writes an act down in the transaction that it is done in.</summary>
    public Task WriteAsync(IClientSessionHandle session, AuditEntry entry, CancellationToken cancellationToken) => collections.Audit.UpdateOneAsync(
        session, new BsonDocument("_id", ObjectId.GenerateNewId()), Document(entry), Upsert, cancellationToken);

    /// <inheritdoc/>
    public async Task<Page<AuditEntry>> AuditAsync(AuditFilter filter, string? cursor = null, int size = 100, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        PageCursor.CheckSize(size);
        var behind = cursor is null ? [] : Behind(cursor);
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var find = collections.Audit.Find(AuditDocument.Of(filter) & (FilterDefinition<BsonDocument>)behind, new FindOptions { Hint = AuditDocument.IndexFor(filter) });
        var found = filter.MessageId is null
            ? await find.Sort(AuditDocument.Order).Limit(size + 1).ToListAsync(cancellationToken).ConfigureAwait(false)
            : await OfMessageAsync(find, size + 1, cancellationToken).ConfigureAwait(false);
        var entries = found.Take(size).Select(AuditDocument.Read).ToList();
        return new Page<AuditEntry>(entries, found.Count > size ? CursorOf(entries[^1]) : null);
    }

    /// <summary>An index of lists has no order beside them. There are few acts on one message, so they are ordered here.</summary>
    private static async Task<List<BsonDocument>> OfMessageAsync(IFindFluent<BsonDocument, BsonDocument> find, int size, CancellationToken cancellationToken)
    {
        var found = await find.Limit(MostOfMessage).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.OrderByDescending(act => act["at"]).ThenByDescending(act => act["_id"]).Take(size)];
    }

    /// <summary>The time is the server's, and nothing that a person wrote is taken for an expression.</summary>
    private PipelineUpdateDefinition<BsonDocument> Document(AuditEntry entry)
    {
        var fields = AuditDocument.Of(entry with { By = entry.By.Named(options.Value.Source) });
        var set = new BsonDocument("at", Now).AddRange(fields.Select(field => new BsonElement(field.Name, new BsonDocument("$literal", field.Value))));
        return (PipelineUpdateDefinition<BsonDocument>)Builders<BsonDocument>.Update.Pipeline(new BsonDocument[] { new("$set", set) });
    }

    private static string CursorOf(AuditEntry last) => PageCursor.Write(last.At.UtcTicks.ToString(CultureInfo.InvariantCulture), last.Id);

    private static BsonDocument Behind(string cursor)
    {
        var place = PageCursor.Read(cursor, parts: 2);
        if (!long.TryParse(place[0], CultureInfo.InvariantCulture, out var ticks) || ticks < 0 || ticks > DateTime.MaxValue.Ticks || !ObjectId.TryParse(place[1], out var id))
        {
            throw PageCursor.Wrong();
        }

        var at = new DateTime(ticks, DateTimeKind.Utc);

        // Both say the same; the first is a range of the index.
        return new BsonDocument
        {
            { "$and", new BsonArray { new BsonDocument("at", new BsonDocument("$lte", at)) } },
            { "$or", new BsonArray { new BsonDocument("at", new BsonDocument("$lt", at)), new BsonDocument("_id", new BsonDocument("$lt", id)) } },
        };
    }
}
