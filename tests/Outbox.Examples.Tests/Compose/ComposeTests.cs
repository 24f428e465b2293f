using MongoDB.Driver;
using Outbox.Kafka;
using Outbox.MongoDb;

namespace Outbox.Examples.Tests.Compose;

public sealed class ComposeTests
{
    private readonly ComposeFile _compose = ComposeFile.Read();

    [Fact]
    public void It_runs_both_services() =>
        Assert.Equal(ServiceHost.Names, _compose.Built.Select(service => service.Project).Order());

    [Fact]
    public async Task Every_variable_sets_the_option_that_it_names()
    {
        foreach (var service in _compose.Built)
        {
            Assert.Empty(await BoundVariables.CheckAsync(service.Project, service.Environment));
        }
    }

    [Theory]
    [InlineData("Outbox__MongoDb__ConnectionString", "mongodb://mongodb")]
    [InlineData("Outbox__Mongo__Connection", "mongodb://mongodb")]
    [InlineData("Outbox__Kafka__Servers", "kafka:9092")]
    [InlineData("Shipping__PackTime", "00:00:05")]
    [InlineData("PackingTime", "00:00:05")]
    public async Task A_wrong_name_is_found(string variable, string value) =>
        Assert.Single(await BoundVariables.CheckAsync("ShippingService", new Dictionary<string, string> { [variable] = value }));

    [Fact]
    public void Every_service_is_told_of_its_own_database_and_of_servers_that_are_there()
    {
        foreach (var service in _compose.Built)
        {
            var mongoDb = MongoUrl.Create(service.Environment[Variable(MongoDbOptions.Section, nameof(MongoDbOptions.Connection))]);
            var kafka = service.Environment[Variable(KafkaOptions.Section, nameof(KafkaOptions.BootstrapServers))];
            Assert.All(mongoDb.Servers.Select(server => server.Host).Append(kafka.Split(':')[0]), host => Assert.Contains(host, _compose.Services.Keys));
            Assert.Equal(["kafka", "mongodb"], service.DependsOn.Keys.Order());
            Assert.All(service.DependsOn.Values, condition => Assert.Equal("service_healthy", condition["condition"]));
            Assert.All(service.DependsOn.Keys, server => Assert.NotNull(_compose.Services[server].Healthcheck));
        }

        var databases = _compose.Built.Select(service => service.Environment[Variable(MongoDbOptions.Section, nameof(MongoDbOptions.DatabaseName))]);
        Assert.Distinct(databases);
    }

    [Fact]
    public void The_health_check_initiates_the_replica_set_that_the_services_ask_for()
    {
        var mongoDb = _compose.Services["mongodb"];
        var set = mongoDb.Command[mongoDb.Command.IndexOf("--replSet") + 1];
        var check = string.Join(' ', mongoDb.Healthcheck!.Test);
        Assert.Contains($"rs.initiate({{ _id: \"{set}\"", check, StringComparison.Ordinal);
        Assert.All(_compose.Built, service =>
            Assert.Equal(set, MongoUrl.Create(service.Environment[Variable(MongoDbOptions.Section, nameof(MongoDbOptions.Connection))]).ReplicaSetName));
    }

    [Fact]
    public void Kafka_advertises_the_address_that_the_services_use()
    {
        var advertised = _compose.Services["kafka"].Environment["KAFKA_ADVERTISED_LISTENERS"];
        Assert.All(_compose.Built, service =>
            Assert.Equal($"PLAINTEXT://{service.Environment[Variable(KafkaOptions.Section, nameof(KafkaOptions.BootstrapServers))]}", advertised));
    }

    [Fact]
    public void Every_published_port_is_one_that_its_service_listens_on_and_is_open_to_this_machine_only()
    {
        foreach (var service in _compose.Built)
        {
            var port = service.Environment["Urls"].Split(':')[^1];
            Assert.All(service.Ports, published => Assert.Matches($@"^127\.0\.0\.1:\d+:{port}$", published));
        }
    }

    [Fact]
    public void Every_Dockerfile_publishes_the_project_beside_it()
    {
        foreach (var service in _compose.Built)
        {
            Assert.Equal(".", service.Build!.Context);
            var text = File.ReadAllText(Repository.PathOf(service.Build.Dockerfile));
            var project = $"examples/{service.Project}/{service.Project}.csproj";
            Assert.Contains($"dotnet publish {project} ", text, StringComparison.Ordinal);
            Assert.True(File.Exists(Repository.PathOf(project)), project);
            Assert.Contains($"ENTRYPOINT [\"dotnet\", \"{service.Project}.dll\"]", text, StringComparison.Ordinal);
        }
    }

    private static string Variable(string section, string option) => $"{section}:{option}".Replace(":", "__", StringComparison.Ordinal);
}
