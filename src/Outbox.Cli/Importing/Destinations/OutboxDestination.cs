using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Cli.Importing.Pending;
using Outbox.Cli.Importing.Rules;
using Outbox.MongoDb.Capture;

namespace Outbox.Cli.Importing.Destinations;

/// <summary>Our outbox, whose relay publishes them.</summary>
internal sealed class OutboxDestination(MessageStore store, ImportRules rules) : IImportDestination
{
    public string Name => "the outbox";

    public string? PlaceOf(PendingMessage message) => rules.TopicOf(message);

    public string TypeOf(PendingMessage message) => rules.TypeOf(message);

    public string? Refuse(PendingMessage message) => rules.Refuse(message);

    public Task InsertAsync(IClientSessionHandle session, IReadOnlyList<PendingMessage> messages, CancellationToken cancellationToken) =>
        store.InsertAsync(session, [.. messages.Select(rules.Make)], new KnownHeads(), blocking: false, cancellationToken);
}
