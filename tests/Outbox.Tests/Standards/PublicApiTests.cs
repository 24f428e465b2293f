using System.Reflection;
using PublicApiGenerator;

namespace Outbox.Tests.Standards;

public sealed class PublicApiTests
{
    private const string Accept = "OUTBOX_ACCEPT_PUBLIC_API";

    private static readonly ApiGeneratorOptions Options = new()
    {
        ExcludeAttributes =
        [
            "System.Runtime.Versioning.TargetFrameworkAttribute",
            "System.Runtime.CompilerServices.InternalsVisibleToAttribute",
            "System.Reflection.AssemblyMetadataAttribute",
            "System.ComponentModel.DataAnnotations.RequiredAttribute",
        ],
    };

    public static TheoryData<string> Libraries => ["Outbox", "Outbox.MongoDb", "Outbox.MassTransit", "Outbox.Kafka", "Outbox.Testing", "Outbox.Embedded", "Outbox.Aspire", "Outbox.Dashboard"];

    /// <summary>Other people's code compiles against it: it changes on purpose, or not at all.</summary>
    [Theory]
    [MemberData(nameof(Libraries))]
    public void The_public_API_is_the_approved_one(string library)
    {
        var approved = Repository.PathOf($"tests/Outbox.Tests/PublicApi/{library}.approved.txt");
        var actual = Assembly.Load(library).GeneratePublicApi(Options).ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable(Accept) == "1")
        {
            File.WriteAllText(approved, actual);
        }

        var expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        Assert.True(expected == actual, $"""
            The public API of {library} has changed. If that is meant, run the tests once with {Accept}=1, look at the difference in
            tests/Outbox.Tests/PublicApi/{library}.approved.txt, and commit it with a line in CHANGELOG.md. Otherwise make the type internal again.
            {Difference(expected, actual)}
            """);
    }

    private static string Difference(string expected, string actual)
    {
        var before = expected.Split('\n');
        var after = actual.Split('\n');
        return string.Join("\n", before.Except(after).Select(line => "- " + line.Trim()).Concat(after.Except(before).Select(line => "+ " + line.Trim())));
    }
}
