using System.Text.RegularExpressions;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MongoDB.Driver;
using Outbox.Kafka;
using Outbox.Messages;
using Outbox.Messages.Registration;
using Outbox.MongoDb;
using Outbox.Tests.Standards;

namespace Outbox.Tests.Docs;

public sealed partial class ReadmeTests
{
    private const string Page = "README.md";
    private const string Compiled = "tests/Outbox.Tests/Docs/ReadmeSamples.cs";

    [Fact]
    public void Its_code_is_the_code_that_compiles()
    {
        var compiled = Samples.Marked(Compiled, "readme");

        Assert.Equal(compiled, Markdown.Code(Page, "csharp"));
        Assert.NotEmpty(compiled);
    }

    [Fact]
    public async Task Its_configuration_is_valid_and_makes_a_bus_with_the_endpoint()
    {
        var services = new ServiceCollection().AddLogging().AddMetrics();
        services.AddSingleton<IMongoClient>(new MongoClient("mongodb://127.0.0.1:27017/?replicaSet=rs0"));
        ReadmeSamples.Configure(services);
        await using var provider = services.BuildServiceProvider();

        Assert.Equal("orders", provider.GetRequiredService<IOptions<MongoDbOptions>>().Value.DatabaseName);
        Assert.Equal("localhost:9092", provider.GetRequiredService<IOptions<KafkaOptions>>().Value.BootstrapServers);
        Assert.Equal(TimeSpan.FromDays(7), provider.GetRequiredService<IOptions<OutboxOptions>>().Value.DuplicateDetectionWindow);
        Assert.Equal("orders", provider.GetRequiredService<MessageRegistry>().Get(typeof(OrderShipped)).Topic);

        // Builds the bus, and with it the rider, which refuses an endpoint whose consumer no message could reach.
        Assert.NotNull(provider.GetRequiredService<IBusInstance>());
    }

    [Fact]
    public void Its_commands_name_projects_that_are_there() => Rule.Holds(
        Project().Matches(Repository.Read(Page)).Select(match => match.Groups["path"].Value)
            .Where(path => Repository.Files(".", "*.csproj").All(project => !project.StartsWith(path + "/", StringComparison.Ordinal))),
        $"{Page} says dotnet run --project with a folder that has no project:");

    [Fact]
    public void It_names_every_package()
    {
        var text = Repository.Read(Page);
        Rule.Holds(
            Repository.Files("src", "*.csproj").Select(project => Path.GetFileNameWithoutExtension(project)).Where(name => !text.Contains($"`{name}`")),
            $"{Page} lists the packages. It leaves out:");
    }

    [GeneratedRegex(@"dotnet run --project (?<path>[\w./]+)")]
    private static partial Regex Project();
}
