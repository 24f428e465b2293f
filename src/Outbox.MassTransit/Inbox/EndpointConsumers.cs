using MassTransit;
using MassTransit.Metadata;

namespace Outbox.Inbox;

/// <summary>The consumers of an endpoint. A message may be for several: of its own type, of an interface that it implements, one by one or in batches.</summary>
internal sealed class EndpointConsumers(string endpoint)
{
    private readonly List<(Type MessageType, string Name)> _all = [];

    /// <summary>Adds a consumer, or saga, of one message type.</summary>
    /// <returns>The name that it has in records: a class may consume several types that one message is of.</returns>
    public string Add<TMessage>(string consumer)
        where TMessage : class
    {
        var name = $"{consumer}({TypeMetadataCache<TMessage>.ShortName})";
        if (_all.Exists(other => other.Name == name))
        {
            throw new OutboxConfigurationException(
                $"{consumer} is configured twice on endpoint '{endpoint}', for {typeof(TMessage).Name}. The inbox could not tell the two from each other: configure it once.");
        }

        _all.Add((BatchedTypeOf(typeof(TMessage)) ?? typeof(TMessage), name));
        return name;
    }

    /// <summary>The consumers that a message is for, where they are several.</summary>
    public IReadOnlyList<string> Of(ConsumeContext message)
    {
        if (_all.Count == 1)
        {
            return [];
        }

        var found = _all.FindAll(consumer => message.HasMessageType(consumer.MessageType));
        return found.Count > 1 ? found.ConvertAll(consumer => consumer.Name) : [];
    }

    /// <summary>Whether a message of this type may be for another consumer too.</summary>
    public bool MayShare(Type messageType) => _all.Count(consumer => MayBeBoth(consumer.MessageType, messageType)) > 1;

    /// <summary>The type of a batch's messages; <see langword="null"/> if it is none.</summary>
    public static Type? BatchedTypeOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Batch<>) ? type.GetGenericArguments()[0] : null;

    private static bool MayBeBoth(Type one, Type other) =>
        one.IsAssignableFrom(other) || other.IsAssignableFrom(one) || (one.IsInterface && !other.IsSealed) || (other.IsInterface && !one.IsSealed);
}
