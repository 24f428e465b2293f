using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Outbox.History.Replaying;
using Outbox.Messages.Registration;

namespace Outbox.Payloads.Claims;

/// <summary>Finds the store of a topic's claimed payloads.</summary>
internal sealed class PayloadStores(IServiceProvider services, TopicRegistry topics)
{
    /// <summary>The name of this service's own.</summary>
    public const string Own = "";

    private readonly ConcurrentDictionary<string, IPayloadStore?> _stores = new(StringComparer.Ordinal);

    /// <summary>Whether any topic's payloads are kept apart.</summary>
    public bool IsUsed => topics.HasClaims;

    /// <summary>How a topic's payloads are kept apart, if they are: those of a history as those of its topic.</summary>
    public ClaimCheckOptions? ClaimsOf(string topic) =>
        topics.HasClaims ? topics.ClaimsOf(topic) ?? (HistoryTopic.LiveOf(topic) is { } live ? topics.ClaimsOf(live) : null) : null;

    /// <exception cref="PayloadUnavailableException">Nobody said where the topic's payloads are.</exception>
    public IPayloadStore Of(string topic) => Find(topic) ?? throw new PayloadUnavailableException(
        $"Payloads of topic '{topic}' are kept apart from its messages, and nothing says where. Name the store: o.Payloads(p => p.AddMongoDbStore(\"{topic}\", …)) and o.Topic(\"{topic}\", "
        + $"t => t.ClaimCheck(c => c.Store = \"{topic}\")).");

    /// <summary>The store of a topic; a message that this service captured may be of a topic that it does not know any more, and is in its own.</summary>
    public IPayloadStore? OfCaptured(string topic) => Find(topic) ?? Named(Own);

    private IPayloadStore? Find(string topic) =>
        ClaimsOf(topic) is { } claims ? Named(claims.Store) : null;

    private IPayloadStore? Named(string name) => _stores.GetOrAdd(name, services.GetKeyedService<IPayloadStore>);
}
