using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Outbox.Messages.Intents;

namespace Outbox.Messages.Registration;

/// <summary>Every message type that this service may publish or consume. Nothing else is ever instantiated.</summary>
public sealed class MessageRegistry
{
    private readonly FrozenDictionary<Type, MessageRegistration> _byClrType;
    private readonly FrozenDictionary<string, MessageRegistration> _byName;

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
}
