using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Capture;
using Outbox.Integration.Tests.Servers;
using Outbox.Kafka.Formats;
using Outbox.Kafka.Formats.Wire;
using Outbox.Messages;

namespace Outbox.Integration.Tests.Messages;

/// <summary>Holds our documents and the documented configuration to the rules of Debezium's MongoDB outbox event router.</summary>
public sealed class DebeziumTests
{
    private const string Router = "transforms.outbox.";

    [Fact]
    public async Task Outbox_documents_are_inserted_and_deleted_and_never_updated()
    {
        await using var service = await TestService.StartAsync(o => o.Set(x => x.KeepSentFor = TimeSpan.FromHours(1)));
        using var changes = await service.Messages.WatchAsync(cancellationToken: TestContext.Current.CancellationToken);

        await service.PublishAsync("o1", 1, 2, 3);
        await Eventually.DrainedAsync(service);

        var seen = new List<ChangeStreamOperationType>();
        while (seen.Count < 6 && await changes.MoveNextAsync(TestContext.Current.CancellationToken))
        {
            seen.AddRange(changes.Current.Select(change => change.OperationType));
        }

        Assert.Equal(3, seen.Count(type => type == ChangeStreamOperationType.Insert));
        Assert.Equal(3, seen.Count(type => type == ChangeStreamOperationType.Delete));
        Assert.Equal(6, seen.Count);
    }

    [Fact]
    public async Task What_the_documented_connector_makes_of_a_document_our_consumers_read()
    {
        await using var service = await TestService.StartAsync(o => o.RelayEnabled = false);
        await service.Outbox.ExecuteAsync((tx, _) =>
        {
            tx.Publish(new OrderPlaced("o1", 7), "o1", 3, new MessageOptions { MessageId = "m1" });
            return Task.CompletedTask;
        });
        var document = await service.Messages.Find(FilterDefinition<BsonDocument>.Empty).SingleAsync(TestContext.Current.CancellationToken);

        var (topic, message) = Route(document, Configuration());
        var wire = new WireMessage(Encoding.UTF8.GetBytes(message.Key), message.Value, new WireHeaders(message.Headers), DateTimeOffset.UnixEpoch, null);
        var read = WireFormats.Of(wire).Read(wire);

        Assert.Equal(service.Topic, topic);
        Assert.Equal(("m1", "o1", "order", 3L, "order-placed", 1), (read.MessageId, read.EntityId, read.EntityType, read.Version, read.Type, read.SchemaVersion));
        Assert.Equal(MessageIntent.Event, read.Intent);
        Assert.Equal("""{"orderId":"o1","amount":7}""", Encoding.UTF8.GetString(read.Payload!.Value.Span));
    }

    /// <summary>What the router does: each field it is told of must be in every document, and the key, the route and the payload must be text.</summary>
    private static (string Topic, Message<string, byte[]> Message) Route(BsonDocument document, JsonObject configuration)
    {
        string Option(string name) => configuration[Router + name]!.GetValue<string>();
        var headers = new Headers { { "id", Encoding.UTF8.GetBytes(Text(document[Option("collection.field.event.id")])) } };
        foreach (var placement in Option("collection.fields.additional.placement").Split(','))
        {
            var parts = placement.Split(':');
            Assert.Equal("header", parts[1]);
            headers.Add(parts[2], Encoding.UTF8.GetBytes(Text(document[parts[0]])));
        }

        headers.Add(configuration["transforms.payload.header"]!.GetValue<string>(), Encoding.UTF8.GetBytes(configuration["transforms.payload.value.literal"]!.GetValue<string>()));
        return (
            Option("route.topic.replacement").Replace("${routedByValue}", document[Option("route.by.field")].AsString, StringComparison.Ordinal),
            new Message<string, byte[]>
            {
                Key = document[Option("collection.field.event.key")].AsString,
                Value = Encoding.UTF8.GetBytes(document[Option("collection.field.event.payload")].AsString),
                Headers = headers,
            });
    }

    /// <summary>The string converter's text; it is not asked to convert anything but these.</summary>
    private static string Text(BsonValue value) => value.BsonType switch
    {
        BsonType.String => value.AsString,
        BsonType.Int32 or BsonType.Int64 => value.ToInt64().ToString(CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A {value.BsonType} as a header is not what the documentation promises."),
    };

    private static JsonObject Configuration()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Outbox.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "debezium.md"));
        var start = page.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        return JsonNode.Parse(page[start..page.IndexOf("```", start, StringComparison.Ordinal)])!["config"]!.AsObject();
    }
}
