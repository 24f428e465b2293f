using System.Text.Json.Serialization;
using Outbox.Dashboard.Api.Answering;
using Outbox.Operations;

namespace Outbox.Dashboard.Api.Seeing;

/// <summary>Who acted.</summary>
internal sealed record ActorAnswer(string Name, [property: JsonConverter(typeof(CamelCase<ActorKind>))] ActorKind Kind)
{
    public string? Via { get; init; }

    public static ActorAnswer Of(Actor actor) => new(actor.Name, actor.Kind) { Via = actor.Via };
}
