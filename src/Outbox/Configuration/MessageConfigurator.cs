using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.Versioning;

namespace Outbox;

/// <summary>Settings of one message type.</summary>
public sealed class MessageConfigurator
{
    private readonly SchemaSteps _steps = new();

    internal MessageConfigurator()
    {
    }

    /// <summary>
    /// The version of the schema that payloads are written in. Raise it when older payloads would be misread, and add the <see cref="Upcast"/> that changes
    /// them; a new optional field needs neither.
    /// </summary>
    /// <value>The default value is 1.</value>
    public int SchemaVersion { get; set; } = 1;

    /// <summary>How payloads of this type are written and read.</summary>
    /// <value>The default is the topic's.</value>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>How consumers of this service meet duplicates and disorder among these messages.</summary>
    /// <value>The default is the topic's.</value>
    public MessageOrdering? Ordering { get; set; }

    /// <summary>What consumers of this service do with an entity's later messages, of all types, when one of this type fails for good.</summary>
    /// <value>The default is the topic's.</value>
    public FailurePolicy? OnFailed { get; set; }

    /// <summary>Uses a source-generated context, which must know the message type.</summary>
    public void UseJson(JsonSerializerContext context) => Json = context.Options;

    /// <summary>Changes the JSON of schema version <paramref name="from"/> into that of the next, for messages that are still in a topic or an outbox.</summary>
    /// <param name="from">The older version.</param>
    /// <param name="step">Changes the JSON; it may return the object that it got.</param>
    public void Upcast(int from, Func<JsonObject, JsonObject> step) => _steps.Add(from, step);

    internal MessageRegistration Register(MessageRegistration registration)
    {
        var json = Json ?? registration.Json;
        if (!json.IsReadOnly)
        {
            json.MakeReadOnly(populateMissingResolver: true);
        }

        if (!registration.ClrType.IsInterface && !json.TryGetTypeInfo(registration.ClrType, out _))
        {
            throw new OutboxConfigurationException(
                $"The JSON options of '{registration.Type}' do not know {registration.ClrType.FullName}. Add [JsonSerializable(typeof({registration.ClrType.Name}))] "
                + "to the JsonSerializerContext that they come from.");
        }

        return registration with
        {
            Json = json,
            SchemaVersion = SchemaVersion,
            Upcasting = _steps.Build(registration, SchemaVersion),
            Ordering = Ordering ?? registration.Ordering,
            OnFailed = OnFailed ?? registration.OnFailed,
        };
    }
}
