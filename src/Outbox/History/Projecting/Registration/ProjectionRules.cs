using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox.History.Projecting.Registration;

/// <summary>What a projection must be so that a rebuild makes the same rows again.</summary>
internal static class ProjectionRules
{
    /// <exception cref="OutboxConfigurationException">It is not.</exception>
    public static ProjectionRegistration Resolve(ProjectionDefinition definition, MessageRegistry messages)
    {
        var projection = definition.Model;
        if (projection.Folds.Count == 0)
        {
            throw Refuse(projection, "has no fold, so it would never have a row. Call On<TEvent>((row, e) => …) in its constructor");
        }

        var events = projection.Folds.Keys.Select(type => EventOf(projection, type, messages)).ToList();
        var first = events[0].Message;
        if (events.Find(other => other.Message.Topic != first.Topic || other.Message.EntityType != first.EntityType) is { Message: { } other })
        {
            throw Refuse(
                projection,
                $"folds '{first.Type}' (topic '{first.Topic}', entity type '{first.EntityType}') and '{other.Type}' (topic '{other.Topic}', entity type '{other.EntityType}'). What order these come in is "
                + "nowhere written, so a rebuild could make other rows. Make it two projections, and join their rows when you read");
        }

        var from = definition.From ?? (first.KeepsHistory ? RebuildFrom.History : RebuildFrom.Kafka);
        CheckSource(definition, from, first);
        CheckOrder(projection, first, messages);
        return new ProjectionRegistration(projection, first.Topic, first.EntityType, from)
        {
            Switch = definition.Switch,
            Inline = definition.Inline,
            Settling = definition.Settling,
            Types = events.Where(x => !x.IsTombstone).Select(x => x.Message.Type).ToHashSet(StringComparer.Ordinal),
            Tombstones = events.Where(x => x.IsTombstone).Select(x => x.Message.Type).ToHashSet(StringComparer.Ordinal),
            Extras = definition.Extras,
        };
    }

    private static (MessageRegistration Message, bool IsTombstone) EventOf(Projection projection, Type type, MessageRegistry messages)
    {
        var isTombstone = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Tombstone<>);
        var content = isTombstone ? type.GenericTypeArguments[0] : type;
        if (!messages.TryGet(content, out var message))
        {
            throw Refuse(projection, $"folds {content.Name}, which is not registered. Add it to its topic: o.Topic(\"…\", t => t.Message<{content.Name}>())");
        }

        if (message.Intent != MessageIntent.Event)
        {
            throw Refuse(projection, $"folds '{message.Type}', which is a command: it says what somebody wants, not what has happened. Fold the event that follows from it");
        }

        return content.IsInterface || content.IsAbstract
            ? throw Refuse(projection, $"folds {content.Name}, of which nobody can make one. Register a class, and fold that")
            : (message, isTombstone);
    }

    private static void CheckSource(ProjectionDefinition definition, RebuildFrom from, MessageRegistration message)
    {
        if (!Enum.IsDefined(from) || !Enum.IsDefined(definition.Switch))
        {
            throw Refuse(definition.Model, $"has From = {from} and Switch = {definition.Switch}. Use the values of {nameof(RebuildFrom)} and {nameof(SwitchWhen)}");
        }

        if (from == RebuildFrom.History && !message.KeepsHistory)
        {
            throw Refuse(
                definition.Model,
                $"is built from the history (RebuildFrom.History), and this service keeps none of topic '{message.Topic}'. Where the events are captured, say so: o.Topic(\"{message.Topic}\", t => "
                + "t.KeepHistory()). Everywhere else, set p.From = RebuildFrom.Kafka");
        }

        if (definition.Inline && from != RebuildFrom.History)
        {
            throw Refuse(
                definition.Model,
                $"is inline, and built from {from}. Rows that are written where the events are captured are built again from what is kept of these: call t.KeepHistory() on topic '{message.Topic}', or "
                + "remove p.Inline");
        }
    }

    /// <summary>A fold needs every version, one after the other. Where history is kept, that is so.</summary>
    private static void CheckOrder(Projection projection, MessageRegistration message, MessageRegistry messages)
    {
        if (!message.KeepsHistory && messages.All.FirstOrDefault(other => other.Topic == message.Topic && other.Ordering != MessageOrdering.Sequence) is { } other)
        {
            throw Refuse(
                projection,
                $"needs every version of an entity, one after the other, and '{other.Type}' on topic '{message.Topic}' is ordered by {other.Ordering}, where some may be missing. If the topic's producer "
                + "leaves none out (it has t.KeepHistory, or counted versions), say so: t.Ordering = MessageOrdering.Sequence on the topic. If it does, use a consumer with ApplyAsync instead");
        }
    }

    private static OutboxConfigurationException Refuse(Projection projection, string why) => new($"Projection '{projection.Name}' ({projection.GetType().Name}) {why}.");
}
