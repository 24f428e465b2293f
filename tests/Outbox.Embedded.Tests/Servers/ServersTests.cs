using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using MongoDB.Bson;
using MongoDB.Driver;
using Outbox.Embedded.Tests.Kafka;

namespace Outbox.Embedded.Tests.Servers;

public sealed class ServersTests : IDisposable
{
    private readonly int _mongoDb = ServersProcess.FreePort();
    private readonly int _kafka = ServersProcess.FreePort();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory();

    private string[] Ports => ["--mongodb-port", $"{_mongoDb}", "--kafka-port", $"{_kafka}"];

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task It_serves_on_the_ports_that_were_asked_for_and_Ctrl_C_ends_it_while_clients_are_connected()
    {
        using var servers = ServersProcess.Start([.. Ports, "--kafka-topics", "orders:2"]);

        Assert.Equal(
            [$"MongoDB  mongodb://127.0.0.1:{_mongoDb}/?replicaSet=rs0", $"Kafka    127.0.0.1:{_kafka}", "Serving until Ctrl-C."],
            await servers.ServingAsync());

        using var client = new MongoClient($"mongodb://localhost:{_mongoDb}/?replicaSet=rs0");
        await client.GetDatabase("shop").GetCollection<BsonDocument>("orders").InsertOneAsync(new BsonDocument("_id", 1));
        await Clients.Produce($"localhost:{_kafka}", "orders", 3);
        using var consumer = Clients.Consumer($"localhost:{_kafka}", "g");
        consumer.Subscribe("orders");
        Assert.Equal(3, consumer.Take(3).Count);

        servers.PressCtrlC();
        Assert.Equal((0, "", ""), await servers.EndedAsync());
    }

    [Fact]
    public async Task What_MongoDB_was_given_is_there_when_it_starts_again_at_once_on_the_same_ports()
    {
        using var client = new MongoClient($"mongodb://127.0.0.1:{_mongoDb}/?replicaSet=rs0");
        var orders = client.GetDatabase("shop").GetCollection<BsonDocument>("orders");
        string[] arguments = [.. Ports, "--data", _data.FullName];
        using (var first = ServersProcess.Start(arguments))
        {
            await first.ServingAsync();
            await orders.InsertOneAsync(new BsonDocument("_id", 1));
            await Clients.Produce($"127.0.0.1:{_kafka}", "orders", 1);
            first.PressCtrlC();
            await first.EndedAsync();
        }

        using var second = ServersProcess.Start(arguments);
        await second.ServingAsync();

        Assert.Equal(1, await orders.CountDocumentsAsync(new BsonDocument("_id", 1)));
    }

    [Fact]
    public async Task Nobody_reaches_it_from_another_machine()
    {
        using var servers = ServersProcess.Start(Ports);
        await servers.ServingAsync();

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(at => at.Port == _mongoDb || at.Port == _kafka).ToList();

        Assert.Equal(2, listening.Count);
        Assert.All(listening, at => Assert.Equal(IPAddress.Loopback, at.Address));
    }

    [Theory]
    [InlineData("MongoDB server")]
    [InlineData("Kafka cluster")]
    public async Task A_port_that_is_taken_is_refused_with_one_sentence(string server)
    {
        var port = server == "MongoDB server" ? _mongoDb : _kafka;
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, port));
        other.Listen();

        using var servers = ServersProcess.Start(Ports);

        Assert.Equal(
            (1, "", $"The embedded {server} cannot listen on 127.0.0.1:{port} (AddressAlreadyInUse): choose another port, or 0 for a free one.{Environment.NewLine}"),
            await servers.EndedAsync());
    }

    [Fact]
    public async Task A_data_directory_that_another_server_uses_is_refused_with_its_name()
    {
        using var first = ServersProcess.Start("--data", _data.FullName);
        await first.ServingAsync();

        using var second = ServersProcess.Start("--data", _data.FullName);
        var (code, output, error) = await second.EndedAsync();

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(_data.FullName, error, StringComparison.Ordinal);
        Assert.Single(error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("'--mongo-port 1'", "--mongo-port", "1")]
    [InlineData("'--kafka-port'", "--kafka-port")]
    [InlineData("'--kafka-port 65536'", "--kafka-port", "65536")]
    [InlineData("'--kafka-topics orders'", "--kafka-topics", "orders")]
    public async Task What_it_does_not_understand_it_says_with_its_usage(string refused, params string[] arguments)
    {
        using var servers = ServersProcess.Start(arguments);
        var (code, output, error) = await servers.EndedAsync();

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"Cannot use {refused}.", error, StringComparison.Ordinal);
        Assert.Contains("--kafka-port N", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_is_no_error()
    {
        using var servers = ServersProcess.Start("--help");
        var (code, output, error) = await servers.EndedAsync();

        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("Usage: outbox-servers", output, StringComparison.Ordinal);
    }
}
