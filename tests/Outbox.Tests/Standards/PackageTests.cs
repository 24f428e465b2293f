using System.Xml.Linq;
using Outbox.Tests.Docs;

namespace Outbox.Tests.Standards;

public sealed class PackageTests
{
    public static TheoryData<string> Projects => [.. Repository.Files("src", "*.csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_package_has_a_README_of_its_own_whose_code_compiles(string project)
    {
        var readme = Path.Combine(Path.GetDirectoryName(project)!, "README.md");
        Assert.True(Repository.Has(readme), $"{project} is a package: say in {readme} what it is and how it is used.");

        var compiled = Samples.Marked("tests/Outbox.Tests/Docs/ReadmeSamples.cs", "readme").Concat(Samples.Marked("tests/Outbox.Tests/Docs/ReadmeSamples.cs", "package")).ToList();
        Rule.Holds(Markdown.Code(readme, "csharp").Where(code => !compiled.Contains(code)), $"{readme} shows code that no test compiles. Take it from ReadmeSamples:");
        Rule.Holds(Markdown.Links(readme).Where(link => !link.StartsWith("https://", StringComparison.Ordinal)), $"{readme} is read far from this repository, where these links lead nowhere:");
    }

    [Fact]
    public void The_template_uses_the_versions_that_are_tested_here()
    {
        var central = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);
        var used = Repository.Files("templates/outbox-service", "*.csproj").SelectMany(project => XDocument.Parse(Repository.Read(project)).Descendants("PackageReference")).ToList();

        Assert.Contains(used, package => package.Attribute("Include")!.Value == "xunit.v3");
        Rule.Holds(
            from package in used
            let name = package.Attribute("Include")!.Value
            let version = package.Attribute("Version")!.Value
            where name.StartsWith("Outbox", StringComparison.Ordinal) ? version != "OUTBOX-VERSION" : central.TryGetValue(name, out var tested) && tested != version
            select $"{name} {version}",
            "The template's packages are those of Directory.Packages.props, and the Outbox packages those that were packed with it:");
    }
}
