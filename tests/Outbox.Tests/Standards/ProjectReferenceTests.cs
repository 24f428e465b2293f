using System.Xml.Linq;

namespace Outbox.Tests.Standards;

public sealed class ProjectReferenceTests
{
    /// <summary>What each project may reference: other projects of src, and the packages that it is about.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Outbox"] = ["Microsoft.Extensions.*", "ZstdSharp.Port"],
        ["Outbox.MongoDb"] = ["Outbox", "MongoDB.Driver", "MassTransit.Abstractions"],
        ["Outbox.MassTransit"] = ["Outbox", "MassTransit"],
        ["Outbox.Kafka"] = ["Outbox", "Outbox.MassTransit", "Confluent.Kafka"],
        ["Outbox.Embedded"] = ["MongoDB.Bson", "Confluent.Kafka"],
        ["Outbox.Servers"] = ["Outbox.Embedded"],
        ["Outbox.Aspire"] = ["Outbox.Embedded", "Aspire.Hosting"],
        ["Outbox.Testing"] = ["Outbox", "Outbox.MassTransit"],
        ["Outbox.Dashboard"] = ["Outbox", "Outbox.MongoDb"],
        ["Outbox.Cli"] = ["Outbox", "Outbox.MongoDb", "Confluent.Kafka", "Microsoft.Extensions.Logging", "Spectre.Console", "System.CommandLine"],
    };

    public static TheoryData<string> Projects => [.. Repository.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_is_about(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Allowed.ContainsKey(name), $"{name} is new: say in {nameof(ProjectReferenceTests)} what it may reference.");

        Rule.Holds(
            References(project).Where(reference => !Allowed[name].Any(allowed => Matches(reference, allowed))),
            $"{project} may reference {string.Join(", ", Allowed[name])} and no more, so that whoever takes one part of the framework does not get the "
            + "clients of the others. It references:");
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Outbox.sln").Replace('\\', '/');
        Rule.Holds(
            new[] { "src", "examples", "tests" }.SelectMany(folder => Repository.Files(folder, "*.csproj")).Where(project => !solution.Contains($"\"{project}\"")),
            "A project that Outbox.sln does not list is neither built nor tested: dotnet sln add it. Missing are:");
    }

    private static IEnumerable<string> References(string project)
    {
        var xml = XDocument.Parse(Repository.Read(project));
        return xml.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Concat(xml.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value));
    }

    private static bool Matches(string reference, string allowed) =>
        allowed.EndsWith('*') ? reference.StartsWith(allowed[..^1], StringComparison.Ordinal) : reference == allowed;
}
