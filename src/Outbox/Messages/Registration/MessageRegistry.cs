using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Outbox.Messages.Payloads;
using Outbox.Versioning;

namespace Outbox.Messages.Registration;

/// <summary>Every message type that this service may publish or consume. Nothing else is ever instantiated.</summary>
public sealed class MessageRegistry
{
    private readonly FrozenDictionary<Type, MessageRegistration> _byClrType;
    private readonly FrozenDictionary<string, MessageRegistration> _byName;
    private readonly FrozenSet<string> _inSequence;
    private readonly FrozenSet<string> _kept;

    /// <summary>Builds the registry.</summary>
    /// <exception cref="OutboxConfigurationException">One type is on two topics, or two types share a name.</exception>
    public MessageRegistry(IEnumerable<MessageRegistration> registrations)
    {
        var byClrType = new Dictionary<Type, MessageRegistration>();
        var byName = new Dictionary<string, MessageRegistration>(StringComparer.Ordinal);
        foreach (var added in registrations)
        {
            if (!byClrType.TryAdd(added.ClrType, added))
            {
                throw new OutboxConfigurationException(
                    $"Message type {added.ClrType.FullName} is registered on topic '{byClrType[added.ClrType].Topic}' and again on topic '{added.Topic}'. "
                    + "Register it once.");
            }

            IntentRules.CheckTopic(added, byClrType.Values);
            if (!byName.TryAdd(added.Type, added))
            {
                throw new OutboxConfigurationException(
                    $"Message types {byName[added.Type].ClrType.FullName} (topic '{byName[added.Type].Topic}') and {added.ClrType.FullName} (topic '{added.Topic}') "
                    + $"share the name '{added.Type}'. Give one of them a name of its own: Message<{added.ClrType.Name}>(\"…\").");
            }
        }

        _byClrType = byClrType.ToFrozenDictionary();
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _inSequence = byName.Values.Where(x => x.Ordering == MessageOrdering.Sequence).Select(x => x.Topic).ToFrozenSet(StringComparer.Ordinal);
        HistoryRules.CheckTopics(byName.Values);
        _kept = byName.Values.Where(x => x.KeepsHistory).Select(x => x.Topic).ToFrozenSet(StringComparer.Ordinal);
    }

    /// <summary>All registrations.</summary>
    public IReadOnlyCollection<MessageRegistration> All => _byClrType.Values;

    /// <summary>The registration of a CLR type.</summary>
    /// <exception cref="OutboxException">The type is not registered.</exception>
    public MessageRegistration Get(Type clrType) =>
        _byClrType.TryGetValue(clrType, out var found) ? found : throw IntentRules.NotStored(clrType) ?? new OutboxException(
            $"Message type {clrType.FullName} is not registered. Add it to its topic: o.Topic(\"…\", t => t.Message<{clrType.Name}>()).");

    /// <summary>Finds the registration of a CLR type.</summary>
    public bool TryGet(Type clrType, [NotNullWhen(true)] out MessageRegistration? registration) =>
        _byClrType.TryGetValue(clrType, out registration);

    /// <summary>Finds the registration of a type name on the wire.</summary>
    public bool TryGet(string type, [NotNullWhen(true)] out MessageRegistration? registration) =>
        _byName.TryGetValue(type, out registration);

    /// <summary>
    /// How an object is published that its caller calls by a type: as what it is, where that is registered, and unless the type was given on purpose; or else as the type that the caller named.
    /// </summary>
    /// <exception cref="OutboxException">Neither is registered, or part of the object would be lost.</exception>
    internal MessageRegistration Resolve(Type declared, object message, bool isExact)
    {
        var actual = message.GetType();
        if (actual == declared || (!isExact && _byClrType.ContainsKey(actual)))
        {
            return Get(actual);
        }

        if (!declared.IsInstanceOfType(message))
        {
            throw new OutboxException($"A {actual.FullName} cannot be published as a {declared.FullName}: it is none.");
        }

        if (!_byClrType.TryGetValue(declared, out var registration))
        {
            return Get(isExact ? declared : actual);
        }

        return DerivedTypes.Lost(declared, actual, registration.Json) is { Count: > 0 } lost
            ? throw new OutboxException(
                $"A {actual.FullName} cannot be published as the {declared.FullName} that is registered: its {string.Join(", ", lost)} would be lost. Register it too, "
                + $"t.Message<{actual.Name}>(); or make the type polymorphic, [JsonDerivedType(typeof({actual.Name}), \"…\")] on {declared.Name}; or publish a {declared.Name}.")
            : registration;
    }

    /// <summary>Whether consumers of a topic wait for every version of an entity.</summary>
    internal bool IsInSequence(string topic) => _inSequence.Contains(topic);

    /// <summary>Whether a topic's messages are kept as the history of their entities.</summary>
    internal bool IsKept(string topic) => _kept.Contains(topic);

    /// <summary>Whether any topic's are.</summary>
    internal bool KeepsHistory => _kept.Count > 0;
}
