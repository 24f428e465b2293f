using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Operations.Auditing;
using Outbox.Operations.Explaining.Facts;
using Outbox.Operations.Pausing;
using static Outbox.MongoDb.Expressions;

namespace Outbox.MongoDb.Operations.Explaining;

/// <summary>Reads the server's time, what is paused, and what people did.</summary>
internal sealed class OperationFacts(OutboxCollections collections, IInstallation installation, IPauses pauses, IAudit audit)
{
    private const int Few = 5;

    public async Task<ExplainFacts> BeginAsync(string subject, CancellationToken cancellationToken)
    {
        await installation.EnsureAsync(cancellationToken).ConfigureAwait(false);
        var lane = await collections.Leases.Aggregate<BsonDocument>(
            new[] { new BsonDocument("$match", new BsonDocument("_id", 0)), new BsonDocument("$project", new BsonDocument("now", Now)) }, cancellationToken: cancellationToken)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        return new ExplainFacts(subject, lane is null ? default : TraceDocument.Time(lane, "now") ?? default)
        {
            Pauses = await pauses.ListPausesAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    public async Task<IReadOnlyList<AuditEntry>> ActsAsync(AuditFilter filter, CancellationToken cancellationToken) =>
        (await audit.AuditAsync(filter, null, Few, cancellationToken).ConfigureAwait(false)).Items;
}
