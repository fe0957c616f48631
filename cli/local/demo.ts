import '../../demo/demo';
