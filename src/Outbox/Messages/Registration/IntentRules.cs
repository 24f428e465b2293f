using System.Reflection;
using Outbox.Messages.Intents;

namespace Outbox.Messages.Registration;

/// <summary>Holds what a message type says of itself, how it is registered and what its topic is for against each other.</summary>
internal static class IntentRules
{
    private static readonly (Type Marker, MessageIntent Intent)[] Markers =
        [(typeof(IEvent), MessageIntent.Event), (typeof(ICommand), MessageIntent.Command), (typeof(IQuery), MessageIntent.Query)];

    /// <exception cref="OutboxConfigurationException">The type says that it is something else.</exception>
    public static void Check(Type type, MessageIntent registered, string topic)
    {
        foreach (var (place, declared) in Declared(type))
        {
            if (declared == MessageIntent.Query)
            {
                throw new OutboxConfigurationException(
                    $"{type.FullName} is a query ({place}) but is registered on topic '{topic}'. {WhereToAsk(type)}");
            }

            if (declared != registered)
            {
                throw new OutboxConfigurationException(
                    $"{type.FullName} is {Article(declared)} ({place}) but is registered as {Article(registered)} on topic '{topic}'. "
                    + $"Register it with {Call(declared)}<{type.Name}>(), or change what it declares.");
            }
        }
    }

    /// <exception cref="OutboxConfigurationException">The topic has messages of another intent.</exception>
    public static void CheckTopic(MessageRegistration added, IEnumerable<MessageRegistration> others)
    {
        if (others.FirstOrDefault(other => other.Topic == added.Topic && other.Intent != added.Intent) is { } other)
        {
            var (command, fact) = added.Intent == MessageIntent.Command ? (added, other) : (other, added);
            throw new OutboxConfigurationException(
                $"Topic '{added.Topic}' carries the event '{fact.Type}' ({fact.ClrType.FullName}) and the command '{command.Type}' ({command.ClrType.FullName}). "
                + $"Events have many readers and a command has one: give commands a topic of their own, o.Commands(\"…\", t => t.Command<{command.ClrType.Name}>()).");
        }
    }

    /// <summary>The error for a type that no outbox stores, or <see langword="null"/>.</summary>
    public static OutboxException? NotStored(Type type) =>
        Declared(type).Any(x => x.Intent == MessageIntent.Query) ? new OutboxException($"{type.FullName} is a query. {WhereToAsk(type)}") : null;

    /// <exception cref="OutboxConfigurationException">The type says that it is no query.</exception>
    public static void CheckAsked(Type type)
    {
        if (Declared(type).FirstOrDefault(x => x.Intent != MessageIntent.Query) is { Place: { } place } other)
        {
            throw new OutboxConfigurationException(
                $"{type.FullName} is {Article(other.Intent)} ({place}), and is asked as a request. What changes state goes through the outbox, {Call(other.Intent)}<{type.Name}>(); what is asked is a type of its own.");
        }
    }

    private static string WhereToAsk(Type type) =>
        "A query wants an answer now, so it is never stored in an outbox: ask the service that owns the answer, over its HTTP interface or with an injected "
        + $"IRequestClient<{type.Name}>, which x.AddOutboxRequestClient<{type.Name}>(topic) has ask over Kafka, outside of the transaction.";

    private static IEnumerable<(string Place, MessageIntent Intent)> Declared(Type type)
    {
        foreach (var (marker, intent) in Markers)
        {
            if (marker.IsAssignableFrom(type))
            {
                yield return (marker.Name, intent);
            }
        }

        if (type.GetCustomAttribute<IntentAttribute>() is { } attribute)
        {
            yield return ($"[Intent({attribute.Intent})]", attribute.Intent);
        }
    }

    private static string Article(MessageIntent intent) => intent == MessageIntent.Event ? "an event" : "a command";

    private static string Call(MessageIntent intent) => intent == MessageIntent.Event ? "t.Message" : "t.Command";
}
